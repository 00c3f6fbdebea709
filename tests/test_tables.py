"""The records that travel: what is written down can be read back."""

import json

import retention_kit as rk
from retention_kit.tables import Result


def test_a_result_that_was_written_down_says_the_same_when_it_is_read_again(shop: rk.Log) -> None:
    result = rk.metrics.retention_rate(shop, calendar="jalali")
    again = Result.from_dict(json.loads(json.dumps(result.as_dict())))
    for language in ("en", "fa"):
        assert rk.say(again, language) == rk.say(result, language)
        assert [note.words(language) for note in again.notes] == [note.words(language) for note in result.notes]
    assert again.as_dict() == result.as_dict()
