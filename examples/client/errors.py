"""Errors, with the rules of docs/protocol.md."""


class RuleBroken(Exception):
    """Data breaks a numbered rule of the protocol."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(f"{detail} (rule {rule})")
        self.rule = rule


class ClientError(Exception):
    """Something that the user can read and act on."""


def require(condition: bool, rule: str, detail: str) -> None:
    """Raises `RuleBroken` unless the condition holds."""
    if not condition:
        raise RuleBroken(rule, detail)
