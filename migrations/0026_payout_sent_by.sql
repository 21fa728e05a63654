-- 0026: how a payout left.
--
-- Why:   one that left in a file must never be handed to the bank again by a transfer, and only of
--        one that was handed over is the bank asked.
-- Needs: 0023.

ALTER TABLE payout ADD COLUMN sent_by BIGINT;  -- SentBy; nothing: it never left.
UPDATE payout SET sent_by = 1 WHERE sent_at IS NOT NULL;
