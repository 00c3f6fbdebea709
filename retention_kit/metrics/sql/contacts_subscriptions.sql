-- Customers to contact, of a log of subscriptions: those whose last one ends soon, and those whose last one ended.
--
-- stretches(customer, end, paid_until, paused, held, mrr, plan, reason): see stretches.sql.
-- days(day, period, number): the calendar, to the end of the period after the last observed day.
-- rules(today, complete, oldest, …, most_rows): see contacts_orders.sql.
--
-- What is not held makes nobody a customer, nor does a pause alone, nor a trial that still runs.
with ended as (
    select
        customer,
        paid_until as ends,
        plan,
        reason,
        mrr,
        max(case when paused = 0 and began.number <= today then 1 else 0 end) over (partition by customer) as paid,
        row_number() over (
            partition by customer
            order by case when paid_until is null then 0 else 1 end, stretches.end desc, mrr desc
        ) as latest
    from stretches
    left join days as began on began.day = paid_from
    cross join rules
    where held = 1
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
