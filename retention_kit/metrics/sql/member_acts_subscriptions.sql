-- What customers pay per month at the end of each period, in plain SQL, of a log of subscriptions. Whoever pauses is
-- held (active) and brings nothing; who is on trial is not held. Money is counted in whole ten-thousandths.
--
-- stretches(customer, paid_from, paid_until, per_month, held): see stretches.sql.
-- days(day, period): the calendar, one row a day.
with ends as (
    select days.period, max(days.day) as day
    from days
    group by days.period
)
select
    stretches.customer,
    ends.period,
    1 as active,
    sum(stretches.per_month) as revenue
from stretches
join ends on stretches.paid_from <= ends.day and (stretches.paid_until is null or stretches.paid_until > ends.day)
where stretches.held = 1
group by stretches.customer, ends.period
