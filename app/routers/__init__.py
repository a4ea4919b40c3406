"""The HTTP face: what each address answers, and the contract that every answer keeps."""
