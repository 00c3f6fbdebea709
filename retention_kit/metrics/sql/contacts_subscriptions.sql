-- Customers to contact, of a log of subscriptions: those whose last one ends soon, and those whose last one ended.
--
-- subscriptions(customer, end, mrr, trial_end, status, plan, reason, …): stretches of subscriptions; no end: it runs on.
-- days(day, period, number): the calendar, to the end of the period after the last observed day.
-- rules(today, complete, oldest, …, most_rows): see contacts_orders.sql.
--
-- As in subscriptions.sql, what is free and what ends within its trial makes nobody a customer, nor does a pause alone.
with ended as (
    select
        customer,
        cast(subscriptions.end as date) as ends,
        plan,
        reason,
        mrr,
        max(case when status = 'paused' then 0 else 1 end) over (partition by customer) as paid,
        row_number() over (
            partition by customer
            order by case when subscriptions.end is null then 0 else 1 end, subscriptions.end desc, mrr desc
        ) as latest
    from subscriptions
    where (mrr > 0 or status = 'paused')
        and (subscriptions.end is null or trial_end is null
            or cast(subscriptions.end as date) > cast(trial_end as date))
),
judged as (
    select
        case when days.number > today then 'expiring' else 'to_win_back' end as why,
        ended.customer,
        ended.ends,
        ended.plan,
        ended.reason,
        ended.mrr as per_month
    from ended
    join days on days.day = ended.ends
    cross join rules
    where latest = 1 and paid = 1 and days.period >= oldest
),
placed as (
    select
        judged.*,
        count(*) over (partition by why) as of_all,
        row_number() over (partition by why order by per_month desc, customer) as place
    from judged
)
select placed.* from placed
cross join rules
where place <= most_rows
order by why, place
