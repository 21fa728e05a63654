"""What was measured of a nation: a line as soon as it is known, one table at the end."""
import traceback

from bench_tools import markdown

HEAD = ["figure", "conditions", "jaring", "reference", "ratio"]


class Report:
    def __init__(self):
        self.lines = []
        self.failed = []

    def add(self, figure, jaring, conditions="", reference="", ratio=""):
        """`ratio` is always of jaring's figure to the reference's."""
        self.lines.append([figure, conditions, jaring, reference, ratio])
        where = f" ({conditions})" if conditions else ""
        against = f"; reference {reference}" if reference else ""
        against += f"; ratio {ratio}" if ratio else ""
        print(f"- {figure}{where}: {jaring}{against}", flush=True)

    def compare(self, figure, ours, theirs, text, conditions="", reference=""):
        """`text` makes a figure of a number; `reference` says what the other is; 0: not known."""
        if not theirs:
            self.add(figure, text(ours), conditions)
            return
        self.add(figure, text(ours), conditions, f"{text(theirs)} {reference}".strip(),
                 f"{ours / theirs:.2f}")

    def step(self, name, work):
        """A step that fails is told at once and in the table; the next may still be measured."""
        try:
            return work()
        except (Exception, SystemExit) as error:  # Everything but Ctrl-C and the like.
            if not isinstance(error, SystemExit):
                traceback.print_exc()
            self.failed.append(name)
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            print(f"bench: {name} FAILED: {error}", flush=True)
            self.add(name, f"**failed**: {why.replace('|', '/')}")
            return None

    def table(self):
        return markdown(HEAD, self.lines)
