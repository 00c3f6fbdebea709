-- Where customers were, in plain SQL, of a log of orders: each order is a start of its customer and a coming back.
--
-- orders(customer, time, amount): one row an order or a line of one; the lines of one order share its time. An order
-- of 0 or less is a refund.
-- days(day, period, place): the calendar, one row a day. The place is what ages are counted in: the period itself,
-- or the day for rolling windows.
select
    orders.customer,
    days.period,
    days.place,
    count(distinct orders.time) as starts,
    count(distinct orders.time) as backs
from orders
join days on days.day = cast(orders.time as date)
where orders.amount > 0
group by orders.customer, days.period, days.place
