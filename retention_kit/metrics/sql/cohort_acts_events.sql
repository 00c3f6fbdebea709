-- Where customers were, in plain SQL, of a log of events: they begin with one event and come back with another.
--
-- events(customer, time, event): one row an act.
-- wanted(event, starts, backs): the events that count, and whether each is a start, a coming back, or both.
-- days(day, period, place): the calendar, one row a day. The place is what ages are counted in: the period itself,
-- or the day for rolling windows.
select
    events.customer,
    days.period,
    days.place,
    sum(wanted.starts) as starts,
    sum(wanted.backs) as backs
from events
join wanted on wanted.event = events.event
join days on days.day = cast(events.time as date)
group by events.customer, days.period, days.place
