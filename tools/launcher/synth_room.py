# SPDX-License-Identifier: MIT
# Before nextpnr packs: half of the LUTs of three rows in four are taken by cells that do nothing.
#
# nextpnr fills each tile with eight LUTs wherever it can, however empty the device is, and then finds
# no wires for their inputs. Every fourth row stays whole, for carry chains and LUT-RAM, which need
# neighbouring slices.

taken_slices = "CD"
whole_rows = 4

for bel in ctx.getBels():
    if ctx.getBelType(bel) != "TRELLIS_COMB":
        continue
    column, row, part = bel.split("/")  # such as X10/Y20/SLICEC.K1
    if part[len("SLICE")] in taken_slices and int(row[1:]) % whole_rows:
        ctx.createCell(f"room_{column}_{row}_{part}", "LUT4").setAttr("BEL", bel)
