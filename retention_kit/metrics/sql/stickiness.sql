-- Stickiness, in plain SQL: how many customers of each segment were active in one period, in two, and so on; in 0
-- stand those who were never active at all.
--
-- acts(customer, time, active): one row an act, and whether it makes the customer active; a refund does not.
-- days(day, period): the calendar, one row a day; only these days count.
-- segments(customer, segment): one row a customer, or none at all.
with lives as (
    select acts.customer, count(distinct case when acts.active then days.period end) as periods_active
    from acts
    join days on days.day = cast(acts.time as date)
    group by acts.customer
)
select segments.segment, lives.periods_active, count(*) as customers
from lives
left join segments on segments.customer = lives.customer
group by segments.segment, lives.periods_active
order by segments.segment, lives.periods_active
