"""Why a row is what it is: every derived field with its rule, its operands and where they come from."""
