-- Revenue of cohorts, in plain SQL: what the customers who began in a period brought at each age, in ten-thousandths of
-- the money, by segment and block; `began` counts those who began. No age: refunds before a first order or without one.
--
-- orders(customer, time, amount): one row an order or a line of one. An order of 0 or less is a refund.
-- days(day, period, place): the calendar, one row a day. The place is what ages are counted in: the period itself,
-- or the day for rolling windows.
-- spans(elapsed, age): the age that has been reached after so many places.
-- lots(place, block): the block of a customer, by their number, counted from 0 and begun anew after every 7919.
-- segments(customer, segment): one row a customer, or none at all.
with lives as (
    select
        orders.customer,
        min(case when orders.amount > 0 then orders.time end) as first_time,
        min(case when orders.amount > 0 then days.period end) as first_period,
        min(case when orders.amount > 0 then days.place end) as first_place,
        cast(row_number() over (order by orders.customer) as bigint) as customer_number
    from orders
    join days on days.day = cast(orders.time as date)
    group by orders.customer
),
-- A refund of the first period that came before the first order is in no place.
acts as (
    select
        orders.customer,
        case when orders.time >= lives.first_time then days.place end as place,
        sum(orders.amount) as amount
    from orders
    join lives on lives.customer = orders.customer
    join days on days.day = cast(orders.time as date)
    group by orders.customer, case when orders.time >= lives.first_time then days.place end
),
dealt as (
    select
        lives.*,
        lots.block
    from lives
    join lots on lots.place = mod(customer_number - 1, 7919)
)
select
    segments.segment,
    dealt.first_period,
    spans.age,
    dealt.block,
    cast(round(sum(acts.amount) * 10000) as bigint) as amount,
    sum(case when acts.place = dealt.first_place then 1 else 0 end) as began
from acts
join dealt on dealt.customer = acts.customer
left join spans on spans.elapsed = acts.place - dealt.first_place
left join segments on segments.customer = dealt.customer
group by segments.segment, dealt.first_period, spans.age, dealt.block
