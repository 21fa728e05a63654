-- 0025: money given back with a claim: months paid beyond the event, and credit nobody will spend.
--
-- Why:   an event that ends a membership leaves months behind that will never be covered; what the
--        member paid for them goes back together with the claim. The months are taken back by
--        reversing rows of contribution; here stands what then left her credit.
-- Needs: 0005, 0021.

-- Numbered with the payments of the same person: none from before it can be taken back. A row of
-- nothing says that later payments were weighed and bought no month beyond the event.
CREATE TABLE refund (
  person_id        BIGINT NOT NULL,
  payment_id       BIGINT NOT NULL,
  claim_person_id  BIGINT NOT NULL,
  claim_seq        BIGINT NOT NULL,
  amount_rupiah    BIGINT NOT NULL,
  refunded_at      BIGINT NOT NULL,

  PRIMARY KEY (person_id, payment_id)
) /* clustered */;
