-- Customers by how long they were seen to stay and whether they left then, in plain SQL.
--
-- durations(duration, left, segment): one row a customer.
select durations.segment, durations.duration, durations.left, count(*) as customers
from durations
group by durations.segment, durations.duration, durations.left
order by durations.segment, durations.duration, durations.left
