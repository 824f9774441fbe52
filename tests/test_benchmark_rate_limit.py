"""The program's whole way against a real server on loopback that enforces a limit; the benchmark in small."""

from benchmarks.rate_limit import Rule, run

RPM = 1200
COUNT = 60


def test_a_strict_limit_refuses_hardly_anything_and_is_used() -> None:
    # Other kinds of limit are held against in virtual time.
    done, seen = run(Rule(per_minute=RPM, window_s=2.0), COUNT, rpm=RPM)
    assert done == COUNT
    # Exact figures are those of virtual time (tests/wire): here a busy machine may stop everything for a while. One after
    # the other would use less than a quarter.
    assert seen.refused <= 3
    assert seen.share(RPM) >= 0.5
    assert seen.connections <= 16


def test_a_bucket_of_one_that_forgives_no_lateness_loses_no_article() -> None:
    done, seen = run(Rule(per_minute=RPM, burst=1, retry_after_s=0), COUNT, rpm=RPM)
    assert done == COUNT
    assert seen.refused <= COUNT // 4


def test_a_storm_is_waited_out_together() -> None:
    done, seen = run(Rule(per_minute=6000, storm=(0.3, 2.3)), COUNT)
    assert done == COUNT
    began = next(at for at, is_admitted in seen.arrivals if not is_admitted)
    probes = [at for at, is_admitted in seen.arrivals if not is_admitted and at > began + 0.5]
    assert len(probes) <= 2
    assert seen.refused <= 16 + 2
