"""What a receipt says, as a test asks it."""

from retention_kit.tables import Receipt


def rows_by_reason(receipt: Receipt) -> dict[str, int]:
    """How many rows were refused for each reason."""
    return {refusal.reason: refusal.count for refusal in receipt.refusals}
