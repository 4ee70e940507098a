"""A FEDCoin client, written from docs/protocol.md."""
