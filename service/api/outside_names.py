"""Members have one spelling over HTTP, the one of the description; the names inside are for whoever builds a shape."""

from functools import partial
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core.core_schema import CoreSchema, ValidatorFunctionWrapHandler, no_info_wrap_validator_function

_Shape = TypeVar("_Shape", bound=BaseModel)


class _OutsideNames:
    """Reads a shape by the names of the outside alone, also in what it holds."""

    def __get_pydantic_core_schema__(self, shape: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Put the reading by outside names around a shape's own.

        Args:
            shape: what is read.
            handler: makes the shape's own schema.
        """
        return no_info_wrap_validator_function(partial(_read, shape), handler(shape))


def _read(shape: type[BaseModel], said: object, _: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 -- an instance of the shape
    return shape.model_validate(said, by_alias=True, by_name=False)


Outside = Annotated[_Shape, _OutsideNames()]
"""A shape as somebody outside says it: `submissionKey` is a member, `submission_key` is none."""
