"""The nouns: what a scenario, a plan and a finding are. No pandas, no solver, no files."""
