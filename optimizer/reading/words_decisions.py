"""What findings about decisions say that weights are looked for (see words): severity, what, why, what to do."""

DECISIONS: dict[str, tuple[str, str, str, str]] = {
    "decision-project": (
        "error",
        "there is no project {name}",
        "a decision is about one of the scenario's projects, by its id",
        "projects: {known}",
    ),
    "decision-columns": (
        "error",
        "no column of projects and of decisions is found",
        "every row has to say whose decision it is and whether it is in or out",
        "head the columns with id and decision",
    ),
    "decision-verdict": (
        "error",
        "{text} is no decision",
        "a project can only have been in or out",
        "write in or out",
    ),
    "decision-both": (
        "error",
        "{project} is to be in and out at once",
        "no plan does both",
        "take one of the two out",
    ),
    "decision-inadmissible": (
        "error",
        "{project} is not admissible and cannot be in",
        "a standard or a veto keeps it out at any weights",
        "landalloc explain SCENARIO {project} tells what would admit it",
    ),
    "decision-committed": (
        "error",
        "{project} is committed and cannot be out",
        "it is carried out at any weights",
        "set projects.{project}.committed=false, or take the decision out",
    ),
    "decision-idle": (
        "error",
        "none of these decisions depends on weights",
        "all are about projects that are committed or not admissible",
        "name projects that compete",
    ),
}
