"""The CEL subset of the packs: one checked tree, two evaluators (columns and one household), one meaning."""

from jingzhun.policy.cel.check import check, check_bool, check_number
from jingzhun.policy.cel.columns import compile_table_expression
from jingzhun.policy.cel.errors import CelError
from jingzhun.policy.cel.interpret import Interpreter
from jingzhun.policy.cel.program import Program
from jingzhun.policy.cel.scope import FieldInfo, Scope, standard_scope
from jingzhun.policy.cel.tree import Expr
from jingzhun.policy.cel.unparse import text_of

__all__ = [
    "CelError",
    "Expr",
    "FieldInfo",
    "Interpreter",
    "Program",
    "Scope",
    "check",
    "check_bool",
    "check_number",
    "compile_table_expression",
    "standard_scope",
    "text_of",
]
