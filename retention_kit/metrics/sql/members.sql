-- Customers at each period in which they were active, by how they stood to the programme at its end, and what became
-- of them, in plain SQL. Three kinds of rows come out, told apart by `kind`:
--   life   customers by period, status (joined: in this very period; member: earlier; later; never), by their history
--          (active periods before: 0, 1, 2 to 3 as 2, 4 and more as 4), by whether they were active in the period
--          before (held_before), by segment and block; how many were kept, and what they brought in the follow-up
--   today  customers once each, by whether they ever joined; how many are still there, and what they ever brought
--   money  what customers brought in a period, by status
--
-- acts(customer, period, active, revenue): what customers brought in each period, and whether they were active.
-- members(customer, period): in which period they joined.
-- segments(customer, segment): the group of each customer; may be empty.
-- lots(place, block): the block of a customer, by their number, counted from 0 and begun anew after every 7919.
-- rules(follow, within, last_period): the follow-up in periods; whether a customer is kept who is active at any time in
-- it (1) or at its end (0); the last period that is over.
with life as (
    select
        acts.customer,
        acts.period,
        count(*) over (
            partition by acts.customer order by acts.period rows between unbounded preceding and 1 preceding
        ) as earlier,
        lag(acts.period) over (partition by acts.customer order by acts.period) as previous_period,
        cast(dense_rank() over (order by acts.customer) as bigint) as customer_number
    from acts
    where acts.active = 1
),
followed as (
    select
        life.customer,
        life.period,
        sum(later.revenue) as revenue,
        max(
            case
                when later.active = 1 and (rules.within = 1 or later.period = life.period + rules.follow) then 1
                else 0
            end
        ) as kept
    from life
    cross join rules
    join acts as later
        on later.customer = life.customer
        and later.period > life.period
        and later.period <= life.period + rules.follow
    group by life.customer, life.period
),
placed as (
    select
        life.period,
        lots.block,
        case
            when members.period is null then 'never'
            when members.period = life.period then 'joined'
            when members.period < life.period then 'member'
            else 'later'
        end as status,
        case when life.earlier >= 4 then 4 when life.earlier >= 2 then 2 else life.earlier end as history,
        case when life.previous_period = life.period - 1 then 1 else 0 end as held_before,
        segments.segment,
        coalesce(followed.kept, 0) as kept,
        coalesce(followed.revenue, 0) as revenue
    from life
    join lots on lots.place = mod(life.customer_number - 1, 7919)
    left join members on members.customer = life.customer
    left join segments on segments.customer = life.customer
    left join followed on followed.customer = life.customer and followed.period = life.period
)
select
    'life' as kind,
    period,
    block,
    status,
    history,
    held_before,
    segment,
    count(*) as customers,
    sum(kept) as kept,
    cast(sum(revenue) as bigint) as revenue
from placed
group by period, block, status, history, held_before, segment
union all
select
    'today',
    null,
    0,
    case when members.period <= rules.last_period then 'member' else 'never' end,
    0,
    0,
    null,
    count(distinct acts.customer),
    count(distinct case
        when acts.active = 1 and acts.period > rules.last_period - case when rules.within = 1 then rules.follow else 1 end
            then acts.customer
    end),
    cast(sum(acts.revenue) as bigint)
from acts
cross join rules
left join members on members.customer = acts.customer
where acts.period <= rules.last_period
group by case when members.period <= rules.last_period then 'member' else 'never' end
union all
select
    'money',
    acts.period,
    0,
    case when members.period <= acts.period then 'member' else 'never' end,
    0,
    0,
    null,
    count(*),
    0,
    cast(sum(acts.revenue) as bigint)
from acts
left join members on members.customer = acts.customer
group by acts.period, case when members.period <= acts.period then 'member' else 'never' end
