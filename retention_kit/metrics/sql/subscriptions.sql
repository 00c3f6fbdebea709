-- Movements and lives of a log of subscriptions by segment, in plain SQL. Two kinds of rows come out, told apart by
-- `kind`:
--   movement  what the customers of a block moved in a period, in ten-thousandths of the money per month, and how
--             many of them were won, came back, were lost (for this reason), or came and left between two instants
--   life      how many customers began in first_period and were lost for the first time in period (missing: not yet)
--
-- stretches(customer, subscription, reason, paid_from, paid_until, paused, per_month, held): see stretches.sql.
-- days(day, number, period): the calendar, one row a day until the end of the observation; numbers count from 0.
-- segments(customer, segment): one row a customer, or none at all.
-- lots(place, block): the block of a customer, by their number, counted from 0 and begun anew after every 7919.
-- rules(allowed_gap, pause_limit, last_day, cohorts): in days; and whether movements are told apart by the period in
-- which the customer began.
--
-- Whether a customer is held is asked at the last moment of each period, so a stretch counts from the period of its
-- first paid day until the one before the period of its end. Day last_day + 1 stands for an end nobody has seen.
with numbered as (
    select
        stretches.customer,
        stretches.subscription,
        stretches.reason,
        stretches.paused,
        stretches.per_month as mrr,
        begins.number as from_day,
        coalesce(ends.number, rules.last_day + 1) as until_day
    from stretches
    cross join rules
    join days as begins on begins.day = stretches.paid_from
    left join days as ends on ends.day = stretches.paid_until
    where stretches.held = 1
),
-- What follows in the same subscription, and until when it and the customer were covered before.
ordered as (
    select
        numbered.*,
        lead(paused) over (partition by customer, subscription order by from_day, until_day) as next_paused,
        min(case when paused = 0 then from_day end) over (
            partition by customer, subscription order by from_day, until_day
            rows between 1 following and unbounded following
        ) as next_paid,
        max(until_day) over (
            partition by customer, subscription order by from_day, until_day
            rows between 1 following and unbounded following
        ) as last_until,
        max(until_day) over (
            partition by customer, subscription order by from_day, until_day
            rows between unbounded preceding and 1 preceding
        ) as own_covered,
        max(case when paused = 0 then until_day end) over (
            partition by customer order by from_day, until_day
            rows between unbounded preceding and 1 preceding
        ) as covered
    from numbered
),
followed as (
    select
        ordered.*,
        min(case when from_day > own_covered + allowed_gap then from_day end) over (
            partition by customer, subscription order by from_day, until_day
            rows between 1 following and unbounded following
        ) as next_break,
        min(case when from_day > own_covered + allowed_gap then own_covered end) over (
            partition by customer, subscription order by from_day, until_day
            rows between 1 following and unbounded following
        ) as unbroken_until,
        min(case when paused = 0 and from_day > covered then from_day end) over (
            partition by customer order by from_day, until_day
            rows between 1 following and unbounded following
        ) as next_opening,
        rules.allowed_gap,
        rules.pause_limit,
        rules.last_day
    from ordered
    cross join rules
),
-- A pause that is short enough and ends in paying again, also under another id, or still runs, keeps the customer.
paid as (
    select
        followed.*,
        case
            when next_paused = 1 and next_paid > until_day and next_paid - until_day <= pause_limit
                and (next_break is null or next_break > next_paid)
                then next_paid
            when next_paused = 1 and next_paid is null and next_break is null
                and last_until > last_day and last_day + 1 - until_day <= pause_limit
                then last_day + 1
            when next_paused = 1 and (next_paid is null or next_paid > next_opening)
                and next_opening - until_day <= pause_limit
                and coalesce(unbroken_until, last_until) > until_day
                and next_opening <= coalesce(unbroken_until, last_until) + allowed_gap
                then next_opening
        end as paused_until
    from followed
    where paused = 0
),
-- A late renewal carries what was paid across the gap.
carried as (
    select
        customer,
        reason,
        mrr,
        from_day,
        paused_until,
        case
            when paused_until is not null then until_day
            when next_paid > until_day and next_paid <= until_day + allowed_gap then next_paid
            when next_opening > until_day and next_opening <= until_day + allowed_gap then next_opening
            else until_day
        end as until_day
    from paid
),
changes as (
    select customer, from_day as number, mrr as delta, 1 as held, 1 as begun, cast(null as varchar(1)) as reason
    from carried
    union all
    select customer, until_day, -mrr, -1, 0, reason
    from carried
    union all
    select customer, until_day, 0, 1, 0, null
    from carried
    where paused_until is not null
    union all
    select customer, paused_until, 0, -1, 0, null
    from carried
    where paused_until is not null
),
placed as (
    select
        changes.*,
        days.period,
        max(case when changes.held < 0 then changes.number end) over (
            partition by changes.customer, days.period
        ) as last_end
    from changes
    join days on days.number = changes.number
),
moves as (
    select
        customer,
        period,
        sum(delta) as delta,
        sum(held) as held,
        sum(begun) as begun,
        max(case when held < 0 and number = last_end then reason end) as reason
    from placed
    group by customer, period
),
levels as (
    select
        moves.*,
        segments.segment,
        sum(delta) over (partition by moves.customer order by period) as mrr_after,
        sum(held) over (partition by moves.customer order by period) as held_after,
        min(period) over (partition by moves.customer) as first_period,
        cast(dense_rank() over (order by moves.customer) as bigint) as customer_number
    from moves
    left join segments on segments.customer = moves.customer
),
steps as (
    select
        levels.*,
        mrr_after - delta as mrr_before,
        held_after - held as held_before,
        coalesce(max(held_after) over (
            partition by customer order by period rows between unbounded preceding and 1 preceding
        ), 0) as most_held
    from levels
),
classed as (
    select
        steps.*,
        lots.block,
        case
            when mrr_after > mrr_before and held_before > 0 then 'expansion'
            when mrr_after > mrr_before and most_held > 0 then 'reactivation'
            when mrr_after > mrr_before then 'new'
            when mrr_after < mrr_before and held_after = 0 then 'churn'
            when mrr_after < mrr_before then 'contraction'
        end as movement,
        case
            when held_before = 0 and held_after > 0 and most_held = 0 then 'new'
            when held_before = 0 and held_after > 0 then 'returned'
            when held_before > 0 and held_after = 0 then 'lost'
            when held_before = 0 and held_after = 0 and begun > 0 then 'came_and_left'
        end as turn
    from steps
    join lots on lots.place = mod(steps.customer_number - 1, 7919)
),
losses as (
    select
        customer,
        segment,
        first_period,
        min(case when turn in ('lost', 'came_and_left') then period end) as lost_period
    from classed
    group by customer, segment, first_period
)
select
    'movement' as kind,
    classed.segment,
    classed.period,
    classed.block,
    case when classed.turn = 'lost' then classed.reason end as reason,
    case when rules.cohorts = 1 then classed.first_period end as first_period,
    cast(sum(case when movement = 'new' then delta else 0 end) as bigint) as new,
    cast(sum(case when movement = 'expansion' then delta else 0 end) as bigint) as expansion,
    cast(sum(case when movement = 'contraction' then -delta else 0 end) as bigint) as contraction,
    cast(sum(case when movement = 'churn' then -delta else 0 end) as bigint) as churn,
    cast(sum(case when movement = 'reactivation' then delta else 0 end) as bigint) as reactivation,
    sum(case when turn = 'new' then 1 else 0 end) as customers_new,
    sum(case when turn = 'returned' then 1 else 0 end) as customers_returned,
    sum(case when turn = 'lost' then 1 else 0 end) as customers_lost,
    sum(case when turn = 'came_and_left' then 1 else 0 end) as came_and_left,
    sum(case when mrr_before = 0 and mrr_after > 0 then 1 when mrr_before > 0 and mrr_after = 0 then -1 else 0 end)
        as paying,
    count(*) as customers
from classed
cross join rules
group by
    classed.segment,
    classed.period,
    classed.block,
    case when classed.turn = 'lost' then classed.reason end,
    case when rules.cohorts = 1 then classed.first_period end
union all
select 'life', segment, lost_period, null, null, first_period, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(*)
from losses
group by segment, lost_period, first_period
