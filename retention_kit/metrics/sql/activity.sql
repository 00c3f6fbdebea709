-- The activity cube, in plain SQL: how many customers were active in each period, by the period they began in,
-- whether they were active in the period before (kept) and whether they were never active again (final).
--
-- orders(customer, time, amount): one row an order or a line of one. An order of 0 or less is a refund.
-- days(day, period): the calendar, one row a day; periods are whole numbers without gaps.
with active as (
    select distinct orders.customer, days.period
    from orders
    join days on days.day = cast(orders.time as date)
    where orders.amount > 0
),
life as (
    select
        period,
        min(period) over (partition by customer) as first_period,
        lag(period) over (partition by customer order by period) as previous_period,
        lead(period) over (partition by customer order by period) as next_period
    from active
)
select
    first_period,
    period,
    case when previous_period = period - 1 then 1 else 0 end as kept,
    case when next_period is null then 1 else 0 end as final,
    count(*) as customers
from life
group by
    first_period,
    period,
    case when previous_period = period - 1 then 1 else 0 end,
    case when next_period is null then 1 else 0 end
order by first_period, period, kept, final
