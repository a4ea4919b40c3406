"""What if: any rule, and any scheme, on figures that are given and stored nowhere."""
