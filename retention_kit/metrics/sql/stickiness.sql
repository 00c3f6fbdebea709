-- Stickiness, in plain SQL: how many customers were active in one period, in two, and so on.
--
-- orders(customer, time, amount): one row an order or a line of one. An order of 0 or less is a refund.
-- days(day, period): the calendar, one row a day; only these days count.
with lives as (
    select orders.customer, count(distinct days.period) as periods_active
    from orders
    join days on days.day = cast(orders.time as date)
    where orders.amount > 0
    group by orders.customer
)
select periods_active, count(*) as customers
from lives
group by periods_active
order by periods_active
