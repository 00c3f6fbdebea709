-- Customers by how many channels they used, and whether they ordered again, in plain SQL. Kinds of rows, told apart by
-- `kind`:
--   life   customers who were watched long enough, by the channels of their first days (first_channels), by those
--          of their whole life (all_channels), by how often they used a channel on a day of their first days (uses:
--          1, 2, 3, 4 and more) and by whether they ordered in the follow-up (kept); the rest of the buyers by why
--          they are left out: 'early' (perhaps no newcomers) or 'late' (not watched long enough)
--   seen   buyers by on how many channels (all_channels) they were ever seen under their one id
--   stranger  the same of ids that never bought
--
-- acts(customer, time, amount, channel): one row an order or a line of one. An order of 0 or less is a refund.
-- contacts(customer, day, channel): on which days a customer came to us, and through what; may be empty.
-- days(day, number): the calendar, one row a day; numbers count from 0.
-- rules(first_days, follow_days, from_day, until_day, watched): two lengths in days, and three of those numbers: the
-- first day on which a beginner counts, the day after the last on which channels were watched, and orders.
with bought as (
    select distinct acts.customer, days.number
    from acts
    join days on days.day = cast(acts.time as date)
    where acts.amount > 0
),
used as (
    select distinct either.customer, either.number, either.channel
    from (
        select acts.customer, days.number, lower(trim(acts.channel)) as channel
        from acts
        join days on days.day = cast(acts.time as date)
        where acts.amount > 0
        union all
        select contacts.customer, days.number, lower(trim(contacts.channel)) as channel
        from contacts
        join days on days.day = cast(contacts.day as date)
    ) as either
    where either.channel <> ''
),
begun as (
    select bought.customer, min(bought.number) as first_number
    from bought
    group by bought.customer
),
lives as (
    select
        begun.customer,
        begun.first_number,
        begun.first_number + rules.first_days as follow_number,
        begun.first_number + rules.first_days + rules.follow_days as end_number,
        case
            when begun.first_number < rules.from_day then 'early'
            when begun.first_number + rules.first_days > rules.until_day then 'late'
            when begun.first_number + rules.first_days + rules.follow_days > rules.watched then 'late'
            else 'life'
        end as kind
    from begun
    cross join rules
),
kept as (
    select distinct lives.customer
    from lives
    join bought
        on bought.customer = lives.customer
        and bought.number >= lives.follow_number
        and bought.number < lives.end_number
),
counted as (
    select
        lives.customer,
        lives.kind,
        count(distinct case when used.number < lives.follow_number then used.channel end) as first_channels,
        count(distinct used.channel) as all_channels,
        sum(case when used.number < lives.follow_number then 1 else 0 end) as uses
    from lives
    left join used on used.customer = lives.customer and used.number >= lives.first_number
    group by lives.customer, lives.kind
),
seen as (
    select used.customer, count(distinct used.channel) as all_channels
    from used
    group by used.customer
)
select
    counted.kind,
    counted.first_channels,
    counted.all_channels,
    case when counted.uses > 4 then 4 else counted.uses end as uses,
    case when kept.customer is null then 0 else 1 end as kept,
    count(*) as customers
from counted
left join kept on kept.customer = counted.customer
group by
    counted.kind,
    counted.first_channels,
    counted.all_channels,
    case when counted.uses > 4 then 4 else counted.uses end,
    case when kept.customer is null then 0 else 1 end
union all
select
    case when begun.customer is null then 'stranger' else 'seen' end,
    0,
    seen.all_channels,
    0,
    0,
    count(*)
from seen
left join begun on begun.customer = seen.customer
group by case when begun.customer is null then 'stranger' else 'seen' end, seen.all_channels
