-- Cohort cells, in plain SQL, where the activity cube does not reach: events, rolling windows, brackets of ages, every
-- period with a start, at least so many acts in a cell. How many customers of a segment and of a cohort are in a cell,
-- for how many of them it is the last one (final), and how many began there for the first time (firsts).
--
-- acts(customer, period, place, starts, backs): what a customer did in a place: how many starts, how many comings back.
-- The place is what ages are counted in: the period itself, or the day for rolling windows.
-- spans(elapsed, age): the cell that has been reached after so many places; those in no cell are not there.
-- rules(first_time, at_least): whether only the first start counts, and how many acts make a customer of a cell.
-- segments(customer, segment): one row a customer, or none at all.
with starts as (
    select
        acts.customer,
        acts.period,
        min(acts.place) as place,
        row_number() over (partition by acts.customer order by acts.period) as turn
    from acts
    where acts.starts > 0
    group by acts.customer, acts.period
),
began as (
    select starts.customer, starts.period, starts.place, starts.turn
    from starts
    cross join rules
    where starts.turn = 1 or rules.first_time = 0
),
cells as (
    select began.customer, began.period, spans.age
    from began
    join acts on acts.customer = began.customer and acts.place > began.place
    join spans on spans.elapsed = acts.place - began.place
    cross join rules
    where spans.age > 0
    group by began.customer, began.period, spans.age, rules.at_least
    having sum(acts.backs) >= rules.at_least
),
lives as (
    select
        customer,
        period,
        age,
        case when age = max(age) over (partition by customer, period) then 1 else 0 end as final,
        0 as firsts
    from cells
    union all
    select customer, period, 0, 0, case when turn = 1 then 1 else 0 end
    from began
)
select
    segments.segment,
    lives.period as first_period,
    lives.age,
    count(*) as customers,
    sum(lives.final) as final,
    sum(lives.firsts) as firsts
from lives
left join segments on segments.customer = lives.customer
group by segments.segment, lives.period, lives.age
