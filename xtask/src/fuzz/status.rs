//! Progress reports of libFuzzer.

/// Progress of a target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Status {
    /// Executed inputs.
    pub(super) executions: u64,
    /// Executions a second.
    pub(super) a_second: u64,
    /// Covered branches.
    pub(super) edges: u64,
    /// Inputs in the corpus, each with new coverage.
    pub(super) corpus: u64,
    /// Time of the slowest input, whole seconds.
    pub(super) slowest: u64,
    /// Peak memory, MB.
    pub(super) memory: u64,
}

impl Status {
    /// Parses a line, and returns whether it was a progress report such as `#4096 pulse cov: 812 corp: 96/41Kb exec/s:
    /// 204`.
    pub(super) fn read(&mut self, line: &str) -> bool {
        let mut words = line.split_whitespace();
        let Some(first) = words.next() else { return false };
        if let Some(figure) = first.strip_prefix("stat::") {
            let value = words.next().and_then(|word| word.parse().ok()).unwrap_or_default();
            match figure {
                "number_of_executed_units:" => self.executions = value,
                "average_exec_per_sec:" => self.a_second = value,
                "slowest_unit_time_sec:" => self.slowest = value,
                "peak_rss_mb:" => self.memory = value,
                _ => {}
            }
            return false;
        }
        let Some(executions) = first.strip_prefix('#').and_then(|number| number.parse().ok()) else { return false };
        let mut fields = 0;
        while let Some(word) = words.next() {
            let field = match word {
                "cov:" => &mut self.edges,
                "corp:" => &mut self.corpus,
                "exec/s:" => &mut self.a_second,
                "rss:" => &mut self.memory,
                _ => continue,
            };
            let value = words.next().unwrap_or_default();
            let digits = value.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
            *field = digits.parse().unwrap_or(*field);
            fields += 1;
        }
        // Stack frames begin like progress reports.
        if fields > 0 {
            self.executions = executions;
        }
        fields > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_progress_and_the_figures_at_the_end_are_read() {
        let mut status = Status::default();
        assert!(!status.read("INFO: Running with entropic power schedule (0xFF, 100)."));
        assert!(!status.read("    #0 0x55c4960af841 in __sanitizer_print_stack_trace asan_stack.cpp:87:3"));
        assert!(status.read("#4096\tpulse  cov: 812 ft: 1931 corp: 96/41Kb lim: 1552 exec/s: 204 rss: 311Mb"));
        assert!(status.read(
            "#4100\tNEW    cov: 813 ft: 1932 corp: 97/42Kb lim: 1552 exec/s: 205 rss: 311Mb L: 4/4 MS: 1 EraseBytes-"
        ));
        let at = Status { executions: 4100, a_second: 205, edges: 813, corpus: 97, slowest: 0, memory: 311 };
        assert_eq!(status, at);
        for line in
            ["stat::number_of_executed_units: 9000", "stat::slowest_unit_time_sec:    2", "stat::peak_rss_mb: 412"]
        {
            assert!(!status.read(line));
        }
        assert_eq!(status, Status { executions: 9000, slowest: 2, memory: 412, ..at });
    }
}
