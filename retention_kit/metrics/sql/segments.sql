-- The segment of each customer, in plain SQL: what their first row says, for life; of several first rows, the least.
--
-- given(customer, time, segment): one row a row of a log.
with firsts as (
    select customer, min(time) as time
    from given
    group by customer
)
select given.customer, min(nullif(trim(given.segment), '')) as segment
from given
join firsts on firsts.customer = given.customer and firsts.time = given.time
group by given.customer
