-- Customers to contact, of a log of orders: at risk, and to win back.
--
-- orders(customer, time, amount); an order of 0 or less is a refund: it lowers what was spent and is no visit.
-- days(day, period, number): the calendar, days numbered from 0.
-- rules(today, complete, oldest, overdue, least_days, most_rows): today is a day's number, complete and oldest are
-- periods: the last one that is over, and the first whose customers may be won back.
--
-- Who has a known gap and is silent for no longer than overdue times that gap is in neither list, lost or not.
with lives as (
    select
        orders.customer,
        max(case when orders.amount > 0 then days.number end) as last_number,
        min(case when orders.amount > 0 then days.number end) as first_number,
        max(case when orders.amount > 0 then days.period end) as last_period,
        sum(case when orders.amount > 0 then 1 else 0 end) as lines,
        sum(orders.amount) as spent
    from orders
    join days on days.day = cast(orders.time as date)
    group by orders.customer
),
-- To count the days of everybody takes much memory. A customer has at most as many days as lines of orders, so that
-- whoever is at risk by days is among these.
likely as (
    select
        lives.*,
        today - last_number as silent_days,
        case when last_period < complete then 'to_win_back' else 'at_risk' end as why
    from lives
    cross join rules
    where last_period >= oldest
        and (last_period < complete
            or (lines >= least_days and (today - last_number) * (lines - 1) > overdue * (last_number - first_number)))
),
visits as (
    select orders.customer, count(distinct days.number) as days
    from orders
    join days on days.day = cast(orders.time as date)
    join likely on likely.customer = orders.customer
    where orders.amount > 0
    group by orders.customer
),
gaps as (
    select
        likely.*,
        visits.days,
        (last_number - first_number) * 1.0 / nullif(visits.days - 1, 0) as usual_gap
    from likely
    join visits on visits.customer = likely.customer
),
placed as (
    select
        gaps.why,
        gaps.customer,
        days.day as last_order,
        gaps.silent_days,
        gaps.usual_gap,
        gaps.days,
        gaps.spent,
        count(*) over (partition by why) as of_all,
        row_number() over (partition by why order by spent desc, customer) as place
    from gaps
    join days on days.number = gaps.last_number
    cross join rules
    where (gaps.days >= least_days and silent_days > overdue * usual_gap)
        or (gaps.days < least_days and why = 'to_win_back')
)
select placed.* from placed
cross join rules
where place <= most_rows
order by why, place
