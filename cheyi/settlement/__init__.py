"""Bills, payers, payments, prepayments, credit and the journal: what a document costs and how it was paid.

结算：结算单、付款方、收款与退款、预收、挂账、财务流水。It does not know work orders; a bill points at its document by ``source``.
"""
