"""A linear programme small enough to be written down entry by entry."""

from typing import Any

import highspy


class Programme:
    """A small linear programme, maximised by HiGHS."""

    def __init__(self) -> None:
        self.columns: list[tuple[float, float, float]] = []
        self.whole: set[int] = set()  # columns that take whole numbers
        self.rows: list[tuple[float, float, dict[int, float]]] = []

    def column(self, lo: float, hi: float, cost: float = 0.0) -> int:
        self.columns.append((lo, hi, cost))
        return len(self.columns) - 1

    def row(self, lo: float, hi: float, terms: dict[int, float]) -> int:
        self.rows.append((lo, hi, terms))
        return len(self.rows) - 1

    def maximise(self) -> tuple[float, list[float]] | None:
        """The largest value and the columns that reach it; None where nothing is feasible."""
        solver = self.solve()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        assert status == highspy.HighsModelStatus.kOptimal, status
        return solver.getInfo().objective_function_value, list(solver.getSolution().col_value)

    def solve(self) -> Any:
        self.column(0.0, 0.0)  # HiGHS looks at no row of a programme without columns
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.columns), len(self.rows)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_lower_, lp.col_upper_, lp.col_cost_ = ([c[i] for c in self.columns] for i in range(3))
        lp.row_lower_, lp.row_upper_ = [r[0] for r in self.rows], [r[1] for r in self.rows]
        starts, index, value = [0], [], []
        for _, _, terms in self.rows:
            index += list(terms)
            value += list(terms.values())
            starts.append(len(index))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, index, value
        if self.whole:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[column in self.whole] for column in range(len(self.columns))]
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("presolve", "off")
        solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
        solver.setOptionValue("dual_feasibility_tolerance", 1e-9)
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_feasibility_tolerance", 1e-9)
        solver.passModel(lp)
        solver.run()
        return solver
