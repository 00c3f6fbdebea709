-- On which days each customer came to us and through what, in plain SQL. What we sent is no channel a customer used.
--
-- given(customer, time, channel, direction): one row a contact; no direction counts as the customer's own.
select distinct given.customer, cast(given.time as date) as day, given.channel
from given
where given.direction is null or given.direction <> 'outbound'
