-- Customers to contact, of a log of subscriptions: those whose last one ends soon, and those whose last one ended.
--
-- subscriptions(customer, start, "end", mrr, plan, reason, …): stretches of subscriptions; no end: it runs on.
-- days(day, period, number): the calendar, to the end of the period after the last observed day.
-- rules(today, complete, oldest, …, most_rows): see contacts_orders.sql.
with ended as (
    select
        customer,
        cast("end" as date) as ends,
        plan,
        reason,
        mrr,
        row_number() over (
            partition by customer order by case when "end" is null then 0 else 1 end, "end" desc, mrr desc
        ) as latest
    from subscriptions
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
    where latest = 1 and days.period >= oldest
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
