-- Movements of a ledger of points, in plain SQL. Five kinds of rows come out, told apart by `kind`:
--   movement     points that moved in a period, by block of customers, in ten-thousandths, and the rows that go against
--                their kind (contrary): points that came back from being spent, or were taken back after being earned
--   below        how many customers ever had fewer than no points at the end of a period, and whether the log writes
--                redeemed and expired points without a sign (contrary = 1); the sign is then that of the kind
--   lapsed       the points lost by their date, in a log that writes no expired row
--   out_of_turn  how many customers there spent points before others came that lapse sooner, and whose day has passed
--   overdue      the points past their date that no row has taken, in a log that writes expired rows
--
-- Where no row says that points expired, their dates do. First to lapse is first to be spent: by the end of a day have
-- lapsed as many points as those with a date up to it exceed what went up to it, at the most so far. Who is out of turn
-- may have lost more, for what was spent is held against points that came later, too. Points can be spent through their
-- day, and are gone on the next.
--
-- acts(customer, day, kind, points, expires): one row each time that points came or went; kind is earned, redeemed,
-- expired or adjusted.
-- days(day, period): the calendar, one row a day.
-- lots(place, block): the block of a customer, by their number, counted from 0 and begun anew after every 7919.
with ways as (
    -- A correction may go either way, and says nothing of how the log writes the others.
    select
        case when min(case when acts.kind in ('redeemed', 'expired') then acts.points end) >= 0 then 1 else 0 end
            as unsigned,
        max(case when acts.kind = 'expired' then 1 else 0 end) as writes_expired
    from acts
),
signed as (
    select
        acts.customer,
        acts.day,
        acts.kind,
        acts.expires,
        case when ways.unsigned = 1 and acts.kind in ('redeemed', 'expired') then -1 else 1 end
            * cast(round(acts.points * 10000) as bigint) as amount
    from acts
    cross join ways
),
ends as (
    select
        days.day,
        lead(days.period) over (order by days.day) as period_after
    from days
),
due as (
    select
        dated.customer,
        ends.period_after,
        ends.day,
        sum(dated.due) as due,
        sum(dated.went) as went
    from (
        select customer, expires as day, amount as due, 0 as went
        from signed
        where amount > 0 and expires is not null
        union all
        select customer, day, 0, -amount
        from signed
        where amount < 0
    ) as dated
    join ends on ends.day = dated.day
    group by dated.customer, ends.period_after, ends.day
),
unspent as (
    select
        due.*,
        sum(due - went) over (partition by customer order by day) as left_over
    from due
),
gone as (
    select
        unspent.*,
        max(case when left_over > 0 then left_over else 0 end) over (partition by customer order by day) as lost
    from unspent
),
lapses as (
    select
        gone.customer,
        gone.period_after,
        cast(gone.lost - coalesce(lag(gone.lost) over (partition by gone.customer order by gone.day), 0) as bigint)
            as amount
    from gone
    cross join ways
    where ways.writes_expired = 0 and gone.period_after is not null
),
in_turn as (
    select
        signed.customer,
        signed.day,
        min(case when amount > 0 then coalesce(expires, cast('9999-12-31' as date)) end) as soonest,
        max(case when amount > 0 then coalesce(expires, cast('9999-12-31' as date)) end) as latest,
        sum(case when amount < 0 then -amount else 0 end) as went
    from signed
    group by signed.customer, signed.day
),
before as (
    select
        in_turn.customer,
        in_turn.soonest,
        max(latest) over (
            partition by customer order by day rows between unbounded preceding and 1 preceding
        ) as latest_before,
        sum(went) over (
            partition by customer order by day rows between unbounded preceding and 1 preceding
        ) as went_before
    from in_turn
),
overdue as (
    select
        due.customer,
        sum(case when due.period_after is null then 0 else due end - went) as left_over
    from due
    group by due.customer
),
moved as (
    select
        signed.customer,
        days.period,
        signed.kind,
        signed.amount
    from signed
    join days on days.day = signed.day
    union all
    select
        lapses.customer,
        lapses.period_after,
        'expired',
        -lapses.amount
    from lapses
    where lapses.amount > 0
),
summed as (
    select
        moved.customer,
        moved.period,
        sum(case when kind = 'earned' then amount else 0 end) as earned,
        sum(case when kind = 'redeemed' then -amount else 0 end) as redeemed,
        sum(case when kind = 'expired' then -amount else 0 end) as expired,
        sum(case when kind = 'adjusted' then amount else 0 end) as adjusted,
        sum(amount) as change,
        sum(
            case when kind = 'earned' and amount < 0 then 1 when kind in ('redeemed', 'expired') and amount > 0 then 1 else 0 end
        ) as contrary
    from moved
    group by moved.customer, moved.period
),
levels as (
    select
        summed.*,
        sum(change) over (partition by customer order by period) as balance,
        cast(dense_rank() over (order by customer) as bigint) as customer_number
    from summed
),
dealt as (
    select
        levels.*,
        lots.block
    from levels
    join lots on lots.place = mod(customer_number - 1, 7919)
)
select
    'movement' as kind,
    dealt.period,
    dealt.block,
    cast(sum(earned) as bigint) as earned,
    cast(sum(redeemed) as bigint) as redeemed,
    cast(sum(expired) as bigint) as expired,
    cast(sum(adjusted) as bigint) as adjusted,
    cast(sum(contrary) as bigint) as contrary,
    count(*) as customers
from dealt
group by dealt.period, dealt.block
union all
select
    'below',
    null,
    null,
    0,
    0,
    0,
    0,
    max(ways.unsigned),
    count(distinct case when levels.balance < 0 then levels.customer end)
from levels
cross join ways
union all
select
    'lapsed',
    null,
    null,
    0,
    0,
    cast(coalesce(sum(lapses.amount), 0) as bigint),
    0,
    0,
    0
from lapses
union all
select
    'out_of_turn',
    null,
    null,
    0,
    0,
    0,
    0,
    0,
    count(distinct before.customer)
from before
join ends on ends.day = before.soonest
cross join ways
where
    before.soonest < before.latest_before
    and before.went_before > 0
    and ends.period_after is not null
    and ways.writes_expired = 0
union all
select
    'overdue',
    null,
    null,
    0,
    0,
    cast(coalesce(sum(left_over), 0) as bigint),
    0,
    0,
    count(*)
from overdue
cross join ways
where overdue.left_over > 0 and ways.writes_expired = 1
