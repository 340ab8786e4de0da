process.stdout.write('No rows yet.\n')
