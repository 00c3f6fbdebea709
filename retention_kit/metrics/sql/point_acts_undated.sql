-- A ledger of points that says of none until when they can be spent, in plain SQL.
--
-- points(customer, time, points, kind): one row each time that points came or went.
select
    points.customer,
    cast(points.time as date) as day,
    points.kind,
    points.points,
    cast(null as date) as expires
from points
