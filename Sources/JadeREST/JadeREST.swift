// JadeREST
