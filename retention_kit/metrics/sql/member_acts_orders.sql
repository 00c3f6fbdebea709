-- What customers brought in each period, in plain SQL, of a log of orders, and whether they ordered at all (active).
-- Money is counted in whole ten-thousandths, so that sums are exact.
--
-- orders(customer, time, amount): one row an order or a line of one. An order of 0 or less is a refund.
-- days(day, period): the calendar, one row a day.
select
    orders.customer,
    days.period,
    max(case when orders.amount > 0 then 1 else 0 end) as active,
    sum(cast(round(orders.amount * 10000) as bigint)) as revenue
from orders
join days on days.day = cast(orders.time as date)
group by orders.customer, days.period
