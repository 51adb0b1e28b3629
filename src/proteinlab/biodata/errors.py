"""What is raised when data cannot be used."""


class DataError(ValueError):
    """The data breaks a rule that no reader may guess its way around.

    `code` is stable snake_case, for programs. `detail` is a sentence for the person who has to mend the
    file. `line` counts from 1, in the unpacked file.
    """

    def __init__(self, code: str, detail: str, line: int | None = None) -> None:
        super().__init__(code, detail, line)  # all of it, so that it survives pickling between processes
        self.code = code
        self.detail = detail
        self.line = line

    def __str__(self) -> str:
        return self.detail if self.line is None else f"line {self.line}: {self.detail}"

    def at(self, line: int) -> "DataError":
        """The same error with the line it was met on, unless it knows a line already."""
        return DataError(self.code, self.detail, self.line or line)

    def to_dict(self) -> dict[str, str | int | None]:
        return {"code": self.code, "detail": self.detail, "line": self.line}
