using Skep.Plans;

namespace Skep.Orchestration.Tests.Reports;

public sealed class ReportGoldenTests
{
    [Fact]
    public void A_small_report_reads_as_it_should()
    {
        var plan = ReportPlans.Of(2, new Phase
        {
            Id = "main",
            Tasks = [ReportPlans.Task("build", "", 2), ReportPlans.Task("lint"), ReportPlans.Task("ship", "build lint")],
            Gates = [new GateSpec { Id = "size", Phase = "main", Kind = GateKinds.Metric, Metric = new MetricCheck("bytes", Comparison.Less, 100), Needs = [new Need("build")] }],
        }) with { Goal = "Ship it." };
        var report = ScriptedRun.Report(plan, (key, attempt) => (key, attempt) switch
        {
            ("build", 1) => Scripted.Fail(10, "exit code 1: no space | left", "write failed\n"),
            ("build", _) => Scripted.Ok(20, ("file", "a|b")),
            ("gate/size", _) => new Scripted(1, new AttemptResult { Outcome = AttemptOutcome.Failed, Retryable = false, Error = "did not pass", Evidence = "bytes = 512, wanted < 100" }),
            _ => Scripted.Ok(5),
        });
        Assert.Equal(Golden, report.ToMarkdown());
    }

    private const string Golden = """
        # sample

        Ship it.

        ❌ **Failed**

        | | |
        |---|---|
        | Run | r-1 |
        | Started | 2026-03-01 12:00:00 UTC |
        | Ended | 2026-03-01 12:00:39 UTC |
        | Wall time | 39s |
        | At most at once | 2 |
        | Plan file | plan.yaml |

        ## Why it failed

        phase main: gate/size failed

        `gate/size` ❌ failed at +35s: the first that went wrong.

        **did not pass**

        Evidence: bytes = 512, wanted \< 100

        ## Numbers

        | What | Value | How it was got |
        |---|---:|---|
        | Wall time | 39s | from start to end |
        | Tasks succeeded | 3 of 3 | all of them |
        | Attempts | 5 | 1 retry, 0 lost |
        | Work done | 41s | sum of all attempts |
        | Speed-up | 1.05× | sum of task times / wall time |
        | Slots in use | 53% | of max\_concurrency 2, on average |
        | Critical path | 35s | longest chain of measured task times; the wall time is 1.11× that |
        | Gates passed | 0 of 1 | 1 failed |

        ## Where the time went

        2 steps led one after the other to the end of the run: 35s at work (90%), 4s between attempts (10%).

        | Step | Ready | Waiting for an agent | Working | Between attempts | Total | Share of wall time |
        |---|---:|---:|---:|---:|---:|---:|
        | `build` | +0s | – | 30s | 4s | 34s | 87% |
        | `ship` | +34s | – | 5s | – | 5s | 13% |

        ### Longest tasks

        | Task | At work |
        |---|---:|
        | `build` | 30s |
        | `lint` | 5s |
        | `ship` | 5s |
        | `gate/size` | 1s |

        ## Timeline

        ```text
                    │0s                 10s                20s                30s              │
        main
          build     │██████████████████x        ██████████████████████████████████████         │    30s
          lint      │▒▒▒▒▒▒▒▒▒                                                                 │     5s
          ship      │                                                                 █████████│     5s
          gate/size │                                                                 x        │     1s
        █ critical   ▒ other   x failed
        ```

        ## Graph

        ```mermaid
        flowchart TD
          subgraph p0["main"]
            n1["build"]
            n2["lint"]
            n3["ship"]
            n4{{"size"}}
          end
          n1 --> n3
          n2 --> n3
          n1 --> n4
          classDef critical stroke-width:3px
          class n1,n3 critical
        ```

        ## Tasks

        ### main: failed

        | State | Task | Agent | Attempts | Start | At work | Wait | CPU | Memory | Tier | Outputs and errors |
        |---|---|---|---:|---:|---:|---:|---:|---:|---|---|
        | ✅ succeeded | `build` | worker-4 | 2 | +0s | 30s | 0s | – | – | important | `file` = a\|b |
        | ✅ succeeded | `lint` | worker | 1 | +0s | 5s | 0s | – | – | important | |
        | ✅ succeeded | `ship` | worker-4 | 1 | +34s | 5s | 0s | – | – | important | |

        ### Attempts that went wrong

        - `build` attempt 1 ❌ failed (+0s, 10s · worker-2 · exit code 1): exit code 1: no space \| left
        - `gate/size` attempt 1 ❌ failed (+34s, 1s · worker-4): did not pass

        ## Gates

        | State | Gate | Phase | Check | Took | Evidence |
        |---|---|---|---|---:|---|
        | ❌ failed | `size` | main | `bytes < 100` | 1s | bytes = 512, wanted \< 100. did not pass |

        ## Artifacts

        No task left a file behind.

        ## Metrics

        No metric was reported.

        ## Outputs

        | Task | Name | Value |
        |---|---|---|
        | `build` | `file` | a\|b |

        ---

        Run again what did not succeed, and what hangs on it: `skep retry r-1`

        Plan sample, SHA-256 0123456789ab. Run by Skep 0.1.0. All times are UTC.

        """;
}
