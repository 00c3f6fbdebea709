-- How the values people write become dates and numbers, as macros of the engine that reads a file. A plain cast is tried
-- first, so that a clean file does not pay for a dirty one. `list_transform([x], lambda y: …)[1]` gives x a name: a macro's
-- argument is otherwise written out again at every place where it is used.
--
-- The session that reads switches off DuckDB's search for common subexpressions: it would work out the costly branches of a
-- `case` for every row, because they stand in two places.

-- Persian and Arabic digits and signs as Latin ones; marks that nobody sees are gone.
create macro rk_latin(given) as
    trim(translate(replace(given, chr(160), ' '),
        '۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫٬−–٪' || chr(8206) || chr(8207) || chr(8236) || chr(65279) || chr(1564),
        '01234567890123456789.,--%'));

-- One spelling for ids: Latin digits, Persian letters, 17850 for 17850.0 that went through a frame of numbers. An id of
-- plain letters without a space is what it is.
create macro rk_id(given) as
    case when strlen(given) = length(given) and not contains(given, ' ') and not suffix(given, '.0') then nullif(given, '')
    else nullif(translate(regexp_replace(rk_latin(given), '^(\d+)\.0$', '\1'), 'يىك', 'ییک'), '') end;

create macro rk_gregorian(y, m, d) as
    case when y between 1700 and 2300 then try_cast(format('{}-{}-{}', y, m, d) as date) end;

-- The 33-year rule of calendars.py.
create macro rk_jalali(y, m, d) as
    case when y between 1200 and 1600 and m between 1 and 12 and d >= 1
        and d <= case when m <= 6 then 31 when m <= 11 or (8 * y + 21) % 33 >= 25 then 30 else 29 end
    then date '2021-03-21' + (365 * y + (8 * y + 21) // 33
        + case when m <= 7 then 31 * (m - 1) else 186 + 30 * (m - 7) end + d - 1 - 511340)::integer end;

create macro rk_day(y, m, d) as case when y < 1700 then rk_jalali(y, m, d) else rk_gregorian(y, m, d) end;

-- 85 is 1985, as clocks of computers have it.
create macro rk_century(y) as case when y >= 70 then 1900 + y else 2000 + y end;

-- Three whole numbers in the order in which they are written; where the year has two digits the column's way decides.
create macro rk_ordered(n, first_digits, last_digits, way) as
    case
        when first_digits = 4 then rk_day(n[1], n[2], n[3])
        when last_digits = 4 and way = 'month_first' then rk_day(n[3], n[1], n[2])
        when last_digits = 4 and way in ('day_first', 'jalali') then rk_day(n[3], n[2], n[1])
        when way = 'jalali' then rk_jalali(case when n[1] < 20 then 1400 + n[1] else 1300 + n[1] end, n[2], n[3])
        when way = 'day_first' then rk_gregorian(rk_century(n[3]), n[2], n[1])
        when way = 'month_first' then rk_gregorian(rk_century(n[3]), n[1], n[2])
    end;

create macro rk_parts(given) as
    case when regexp_full_match(given, '\d{8}') then [given[1:4], given[5:6], given[7:8]]
    when regexp_full_match(given, '\d{1,4}[-./]\d{1,2}[-./]\d{1,4}') then string_split(translate(given, '-.', '//'), '/') end;

create macro rk_day_of(given, way) as
    list_transform([rk_parts(given)], lambda parts:
        case when len(parts) = 3 then
            list_transform([list_transform(parts, lambda part: try_cast(part as integer))], lambda numbers:
                rk_ordered(numbers, length(parts[1]), length(parts[3]), way))[1]
        end)[1];

-- 10:00 and 9:05:30; what follows the seconds but a fraction of them (PM, +03:30) is not passed over in silence.
create macro rk_clock(given) as
    case when regexp_full_match(given, '\d{1,2}:\d{1,2}') then try_cast(given || ':00' as time)
    when regexp_full_match(given, '\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?') then try_cast(given as time) end;

-- A day and, before or after it, a time of day.
create macro rk_time(given, way) as
    list_transform(
        [list_filter(string_split(translate(rk_latin(given), 'T،', '  '), ' '), lambda word: word <> '' and word <> '-')],
        lambda words: case when len(words) <= 2 then
            rk_day_of(case when contains(words[1], ':') then words[2] else words[1] end, way)
            + case when len(words) = 1 then time '00:00'
                else rk_clock(case when contains(words[1], ':') then words[1] else words[2] end) end
        end)[1];

-- A time that names its own zone, as the clock of the session's zone.
create macro rk_zoned(given) as
    case when regexp_matches(given, '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)? ?(Z|UTC|[+-]\d\d(:?\d\d)?)$')
    then try_cast(regexp_replace(replace(given, 'UTC', 'Z'), ' ?([+-]\d\d):?(\d\d)$', '\1:\2') as timestamptz)::timestamp end;

-- The forms that most programs write. A cast would also take times with a zone, and pass the zone over in silence.
create macro rk_plain_time(given) as
    try_strptime(given, ['%Y-%m-%d %H:%M:%S', '%Y-%m-%d', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d %H:%M']);

-- What the plain cast has left over, and years before 1700, which are Jalali ones.
create macro rk_any_time(plain, given, way) as
    case when plain >= timestamp '1700-01-01' then plain
    else coalesce(rk_zoned(rk_latin(given)), rk_time(given, way)) end;

-- Accountants write a loss in brackets or with the minus behind.
create macro rk_signed(given) as
    case when given like '(%)' then '-' || given[2:-2] when given like '%-' then '-' || given[1:-2] else given end;

-- Groups of three or no groups: 12.5 where the comma is the decimal sign is neither, and is not guessed at.
create macro rk_well_grouped(given, separator) as
    regexp_matches(given, case when separator = ','
        then '^[+-]? ?([1-9]\d{0,2}([. ]\d{3})+|\d+)(,\d+)?$' else '^[+-]? ?([1-9]\d{0,2}([, ]\d{3})+|\d*)(\.\d+)?$' end);

create macro rk_bare_number(given, separator) as
    case when separator = ',' then translate(given, ',. ', '.') else translate(given, ', ', '') end;

create macro rk_number(given, separator) as
    list_transform([rk_without_unit(rk_latin(given))], lambda bare:
        list_transform([rk_signed(bare)], lambda signed:
            case when rk_well_grouped(signed, separator)
            then try_cast(rk_bare_number(signed, separator) as decimal(18, 4)) end)[1])[1];

-- A cast would also take 1_000.
create macro rk_plain_number(given, separator) as
    case when not contains(given, '_') and (separator <> ',' or not contains(given, '.')) then try_cast(given as decimal(18, 4)) end;

-- A number in the column's own unit; ten rials are a toman.
create macro rk_in_unit(number, unit, currency) as
    case when unit is null or unit = currency then number
    when unit = 'rial' and currency = 'toman' then (number / 10)::decimal(18, 4)
    when unit = 'toman' and currency = 'rial' then (number * 10)::decimal(18, 4) end;

create macro rk_money(plain, given, separator, currency) as
    coalesce(plain,
        list_transform([rk_number(given, separator)], lambda number:
            list_transform([rk_unit(given)], lambda unit: rk_in_unit(number, unit, currency))[1])[1]);

create macro rk_folded(given) as
    regexp_replace(lower(translate(given, 'يىكةۀأإآ', 'ییکههااا')), '[^a-z0-9ء-غف-يٱ-ۓ۰-۹]', '', 'g');
