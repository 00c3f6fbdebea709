-- Movements of a ledger of points, in plain SQL. Two kinds of rows come out, told apart by `kind`:
--   movement  points that moved in a period, by block of customers, in ten-thousandths, and the rows that go against
--             their kind (contrary): points that came back from being spent, or were taken back after being earned
--   below     how many customers ever had fewer than no points at the end of a period, and whether the log writes
--             redeemed and expired points without a sign (contrary = 1); the sign is then that of the kind
--
-- points(customer, time, points, kind): one row each time that points came or went; kind is earned, redeemed, expired
-- or adjusted.
-- days(day, period): the calendar, one row a day.
-- lots(place, block): the block of a customer, by their number, counted from 0 and begun anew after every 7919.
with signs as (
    -- A correction may go either way, and says nothing of how the log writes the others.
    select case when min(points.points) >= 0 then 1 else 0 end as unsigned
    from points
    where points.kind in ('redeemed', 'expired')
),
moved as (
    select
        points.customer,
        days.period,
        points.kind,
        case when signs.unsigned = 1 and points.kind in ('redeemed', 'expired') then -1 else 1 end
            * cast(round(points.points * 10000) as bigint) as amount
    from points
    join days on days.day = cast(points.time as date)
    cross join signs
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
    max(signs.unsigned),
    count(distinct case when levels.balance < 0 then levels.customer end)
from levels
cross join signs
