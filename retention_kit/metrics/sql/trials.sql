-- Trials of a log of subscriptions, in plain SQL: how many of a segment ended in each period (no period: still running),
-- how many of these became paying (converted), how many of the others may still become so (waiting), and for how many
-- customers it was the first (customers).
--
-- stretches(customer, start, paid_from, paid_until, paused, held): see stretches.sql.
-- days(day, number, period): the calendar, one row a day until the end of the observation; numbers count from 0.
-- segments(customer, segment): one row a customer, or none at all.
-- rules(allowed_gap, last_day): in days.
--
-- A trial is the customer's: what overlaps or follows on is one trial, and ends when the last of it ends. A customer
-- who cancels earlier is counted on that day too, so that each trial has the same time to convert.
-- Day last_day + 1 stands for an end nobody has seen.
with dated as (
    select
        stretches.customer,
        -- A trial that still runs may yet come to nothing.
        case when stretches.held = 1 and stretches.paused = 0 and trials.day is not null then 1 else 0 end as paid,
        begins.number as from_day,
        coalesce(trials.number, rules.last_day + 1) as trial_day,
        coalesce(ends.number, rules.last_day + 1) as until_day
    from stretches
    cross join rules
    join days as begins on begins.day = cast(stretches.start as date)
    left join days as trials on trials.day = stretches.paid_from
    left join days as ends on ends.day = stretches.paid_until
),
tried as (
    select
        customer,
        from_day,
        trial_day,
        max(trial_day) over (
            partition by customer order by from_day, trial_day rows between unbounded preceding and 1 preceding
        ) as covered
    from dated
    where from_day < trial_day
),
numbered as (
    select
        customer,
        from_day,
        trial_day,
        sum(case when from_day <= covered then 0 else 1 end) over (
            partition by customer order by from_day, trial_day rows between unbounded preceding and current row
        ) as trial
    from tried
),
trials as (
    select customer, trial, min(from_day) as from_day, max(trial_day) as trial_day
    from numbered
    group by customer, trial
),
paid as (
    select customer, trial_day as from_day, until_day
    from dated
    where paid = 1
),
outcomes as (
    select
        trials.customer,
        trials.trial,
        trials.trial_day,
        case when trials.trial_day + rules.allowed_gap > rules.last_day then 1 else 0 end as waits,
        max(case when paid.customer is null then 0 else 1 end) as converted
    from trials
    cross join rules
    -- What began before the trial goes on beside it: it is no outcome of it.
    left join paid
        on paid.customer = trials.customer
        and paid.from_day > trials.from_day
        and paid.from_day <= trials.trial_day + rules.allowed_gap
        and paid.until_day > trials.trial_day
    group by trials.customer, trials.trial, trials.trial_day, rules.allowed_gap, rules.last_day
)
select
    segments.segment,
    days.period,
    count(*) as ended,
    sum(outcomes.converted) as converted,
    sum(case when outcomes.converted = 0 then outcomes.waits else 0 end) as waiting,
    sum(case when outcomes.trial = 1 then 1 else 0 end) as customers
from outcomes
left join days on days.number = outcomes.trial_day
left join segments on segments.customer = outcomes.customer
group by segments.segment, days.period
order by segments.segment, days.period
