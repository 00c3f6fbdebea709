-- The activity cube, in plain SQL: how many customers were active in each period, by their segment, the period they
-- began in, whether they were active in the period before (kept) and whether they were never active again (final).
-- Customers who were never active at all stand in period -1.
--
-- acts(customer, time, active): one row an act, and whether it makes the customer active; a refund does not.
-- days(day, period): the calendar, one row a day; periods are whole numbers without gaps.
-- segments(customer, segment): one row a customer, or none at all.
with seen as (
    select distinct acts.customer, acts.active, days.period
    from acts
    join days on days.day = cast(acts.time as date)
),
life as (
    select
        customer,
        period,
        min(period) over (partition by customer) as first_period,
        lag(period) over (partition by customer order by period) as previous_period,
        lead(period) over (partition by customer order by period) as next_period
    from seen
    where active
),
never as (
    select customer
    from seen
    group by customer
    having max(case when active then 1 else 0 end) = 0
)
select
    segments.segment,
    life.first_period,
    life.period,
    case when life.previous_period = life.period - 1 then 1 else 0 end as kept,
    case when life.next_period is null then 1 else 0 end as final,
    count(*) as customers
from life
left join segments on segments.customer = life.customer
group by
    segments.segment,
    life.first_period,
    life.period,
    case when life.previous_period = life.period - 1 then 1 else 0 end,
    case when life.next_period is null then 1 else 0 end
union all
select segments.segment, -1, -1, 0, 0, count(*)
from never
left join segments on segments.customer = never.customer
group by segments.segment
order by segment, first_period, period, kept, final
