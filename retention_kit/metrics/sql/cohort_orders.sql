-- Cohort cells of a log of orders, in plain SQL, where the activity cube does not reach: rolling windows, every
-- period in which a customer ordered as a start, at least so many orders in a cell.
--
-- orders(customer, time, amount): one row an order or a line of one; the lines of one order share its time. An order
-- of 0 or less is a refund.
-- days(day, period, place): the calendar, one row a day. The place is what ages are counted in: the period itself,
-- or the day for rolling windows.
-- spans(elapsed, age): the age that has been reached after so many places.
-- rules(first_time, at_least): whether only the first start counts, and how many orders make a customer of a cell.
with acts as (
    select orders.customer, days.period, days.place, count(distinct orders.time) as times
    from orders
    join days on days.day = cast(orders.time as date)
    where orders.amount > 0
    group by orders.customer, days.period, days.place
),
starts as (
    select
        acts.customer,
        acts.period,
        min(acts.place) as place,
        row_number() over (partition by acts.customer order by acts.period) as turn
    from acts
    group by acts.customer, acts.period
),
began as (
    select starts.customer, starts.period, starts.place
    from starts
    cross join rules
    where starts.turn = 1 or rules.first_time = 0
),
cells as (
    select began.customer, began.period, spans.age
    from began
    join acts on acts.customer = began.customer and acts.place > began.place
    join spans on spans.elapsed = acts.place - began.place
    cross join rules
    where spans.age > 0
    group by began.customer, began.period, spans.age, rules.at_least
    having sum(acts.times) >= rules.at_least
),
lives as (
    select period, age, max(age) over (partition by customer, period) as last_age
    from cells
)
select period as first_period, age, count(*) as customers, sum(case when age = last_age then 1 else 0 end) as final
from lives
group by period, age
union all
select period as first_period, 0 as age, count(*) as customers, 0 as final
from began
group by period
