-- Where customers were, in plain SQL, of a log of events: they begin with one event and come back with another.
--
-- happened(customer, time, event, times): one row an act, or several of a kind at once.
-- wanted(event, starts, backs): the events that count, and whether each is a start, a coming back, or both.
-- days(day, period, place): the calendar, one row a day. The place is what ages are counted in: the period itself,
-- or the day for rolling windows.
select
    happened.customer,
    days.period,
    days.place,
    sum(wanted.starts * happened.times) as starts,
    sum(wanted.backs * happened.times) as backs
from happened
join wanted on wanted.event = happened.event
join days on days.day = cast(happened.time as date)
group by happened.customer, days.period, days.place
