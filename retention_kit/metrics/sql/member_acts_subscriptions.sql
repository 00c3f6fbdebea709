-- What customers pay per month at the end of each period, in plain SQL, of a log of subscriptions. Whoever pauses is
-- held (active) and brings nothing; who is on trial is not held. Money is counted in whole ten-thousandths.
--
-- subscriptions(customer, start, end, mrr, trial_end, status): one row an uninterrupted stretch; no end while it runs.
-- days(day, period): the calendar, one row a day.
with ends as (
    select days.period, max(days.day) as day
    from days
    group by days.period
)
select
    subscriptions.customer,
    ends.period,
    1 as active,
    sum(
        case when subscriptions.status = 'paused' then 0 else cast(round(subscriptions.mrr * 10000) as bigint) end
    ) as revenue
from subscriptions
join ends
    on cast(subscriptions.start as date) <= ends.day
    and (subscriptions.end is null or cast(subscriptions.end as date) > ends.day)
    and (subscriptions.trial_end is null or cast(subscriptions.trial_end as date) <= ends.day)
where subscriptions.mrr > 0 or subscriptions.status = 'paused'
group by subscriptions.customer, ends.period
