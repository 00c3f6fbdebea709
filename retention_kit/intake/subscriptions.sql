-- Subscriptions as they are counted: one row an uninterrupted stretch, money per month.
--
-- given(customer, subscription, start, "end", amount, "interval", …): what was read. Where a stretch has no end and another row
-- of the same subscription follows, it is a ledger of changes: a row lasts until the next, and one of 0 is an end.
-- Money is multiplied first and divided once: 1 / 12 alone is cut to six decimals where decimals are divided exactly.
with named as (
    select *, coalesce(subscription, customer) as subscription_of
    from given
),
followed as (
    select *, lead(start) over (partition by customer, subscription_of order by start) as next_start
    from named
)
select
    customer,
    subscription_of as subscription,
    start,
    coalesce("end", next_start) as "end",
    cast(
        case when status = 'paused' then 0
        else amount * case when "interval" = 'week' then 52 else 1 end
            / case "interval" when 'week' then 12 when 'quarter' then 3 when 'half_year' then 6 when 'year' then 12 else 1 end
        end as decimal(18, 4)
    ) as mrr,
    trial_end,
    plan,
    coalesce(status, 'active') as status,
    reason,
    channel,
    segment
from followed
where not ("end" is null and amount = 0 and coalesce(status, 'active') <> 'paused' and trial_end is null)
