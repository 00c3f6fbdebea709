-- Stretches of subscriptions with the days that they are paid for, in plain SQL: from the first day, or from the end of
-- the trial (paid_from), up to but not including paid_until; none while the stretch runs. What costs nothing, and what
-- ends within its trial, makes nobody a customer: held is 1 for all others. A pause is held and brings nothing.
--
-- subscriptions(customer, start, end, mrr, trial_end, status, …): one row an uninterrupted stretch; no end while it runs.
-- Money per month is counted in whole ten-thousandths, so that sums are exact.
with dated as (
    select
        subscriptions.*,
        case
            when cast(subscriptions.trial_end as date) > cast(subscriptions.start as date)
                then cast(subscriptions.trial_end as date)
            else cast(subscriptions.start as date)
        end as paid_from,
        cast(subscriptions.end as date) as paid_until,
        case when subscriptions.status = 'paused' then 1 else 0 end as paused,
        case
            when subscriptions.status = 'paused' then 0
            else cast(round(subscriptions.mrr * 10000) as bigint)
        end as per_month
    from subscriptions
)
select
    dated.*,
    case
        when (per_month > 0 or paused = 1) and (paid_until is null or paid_until > paid_from) then 1
        else 0
    end as held
from dated
